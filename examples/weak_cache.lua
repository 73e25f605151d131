-- A cache that keeps nothing alive: entries go when nobody else uses them.
local gc = require "gc"
local weakref = require "weakref"

local Image = {}
Image.__index = Image
Image.__tostring = function(image) return "Image(" .. image.name .. ")" end

local cache = weakref.WeakValueDictionary()

local function load_image(name)
  local image = cache[name]
  if image then return image, "from the cache" end
  image = setmetatable({ name = name }, Image)
  weakref.finalize(image, print, "gone: " .. name)
  cache[name] = image
  return image, "loaded"
end

local logo = load_image("logo.png")
print(load_image("logo.png"))
print("entries: " .. #cache)

logo = nil -- the last strong reference
gc.collect()
print("entries: " .. #cache, cache["logo.png"])
