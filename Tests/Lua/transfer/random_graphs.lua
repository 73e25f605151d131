-- Random graphs of tables, functions and metatables arrive with the same shape, whatever is shared, cyclic or deep.
local Queue = require "queue".Queue
local threading = require "threading"

local function new_table() return {} end

-- A function whose three upvalues are variables that functions made in one call share.
local function new_functions()
  local a, b, c
  return function(set, x, y, z)
    if set then a, b, c = x, y, z end
    return a, b, c
  end, function() return c, b, a end
end

local function random_graph(seed, size)
  math.randomseed(seed)
  local nodes, setters = {}, {}
  while #nodes < size do
    local kind = math.random(10)
    if kind <= 7 then
      nodes[#nodes + 1] = new_table()
    else
      local f, g = new_functions()
      nodes[#nodes + 1], nodes[#nodes + 2] = f, g
      setters[#setters + 1] = f
    end
  end
  local names = { "x", "y", "z", ("n"):rep(70), "", 1.5, true, -1 }
  -- Mostly the neighbour, so that long chains arise.
  local function other(i) return nodes[math.random(4) > 1 and math.min(i + 1, #nodes) or math.random(#nodes)] end
  for i, node in ipairs(nodes) do
    if type(node) == "table" then
      for k = 1, math.random(0, 3) do node[k] = other(i) end
      for _ = 1, math.random(0, 3) do node[names[math.random(#names)]] = math.random(5) > 1 and other(i) or i end
      if math.random(3) == 1 then node[other(i)] = i end
    end
  end
  for _, f in ipairs(setters) do f(true, other(math.random(#nodes)), math.random(3), other(math.random(#nodes))) end
  for i, node in ipairs(nodes) do
    if type(node) == "table" and math.random(4) == 1 then
      local metatable = nodes[math.random(#nodes)]
      if type(metatable) == "table" then setmetatable(node, metatable) end
    end
  end
  return nodes
end

-- Raises unless both have the same shape; what stands for what is noted in `pairs_of`.
local function compare(original, copy)
  local pairs_of, todo = {}, { { original, copy } }
  local function match(a, b)
    assert(type(a) == type(b), "another type")
    if type(a) ~= "table" and type(a) ~= "function" then
      assert(a == b and math.type(a) == math.type(b), "another value")
    elseif pairs_of[a] == nil then
      assert(not rawequal(a, b), "not a copy")
      pairs_of[a] = b
      todo[#todo + 1] = { a, b }
    else
      assert(rawequal(pairs_of[a], b), "another entity")
    end
  end
  pairs_of[original] = copy
  local late = {}
  while true do
    local pair = table.remove(todo) or table.remove(late)
    if not pair then break end
    local a, b = pair[1], pair[2]
    if type(a) == "function" then
      local x, y = table.pack(a()), table.pack(b())
      for i = 1, 3 do match(x[i], y[i]) end
    else
      match(getmetatable(a), getmetatable(b))
      local count = 0
      for k, v in next, a do
        if type(k) ~= "table" and type(k) ~= "function" then
          match(v, rawget(b, k))
        elseif pairs_of[k] then
          match(v, rawget(b, pairs_of[k]))
        elseif not pair.is_late then
          pair.is_late = true
          table.insert(late, 1, pair)
        end
        count = count + 1
      end
      for _ in next, b do count = count - 1 end
      assert(count == 0, "another number of fields")
    end
  end
end

local q = Queue()
local echo = Queue()
local t = threading.Thread { target = function() for item in q:items() do echo:put(item) end end }
t:start()
for seed = 1, 60 do
  -- All nodes in one list too, so that keys are found.
  local graph = random_graph(seed, seed <= 50 and seed * 3 or 2000)
  local start = seed % 2 == 0 and graph or { graph[1], all = graph }
  q:put(start)
  local ok, message = pcall(compare, start, echo:get())
  assert(ok, ("seed %d: %s"):format(seed, message))
end
q:shutdown()
t:join()
