local zipfile = require "zipfile"
local t = require "testing"
local folder = ...
local path = folder .. "/a.zip"
local warnings = {}
function warn(text) warnings[#warnings + 1] = text end

local z = zipfile.ZipFile(path, "w")
z:writestr("a", "first")
z:writestr("a", "second")
local f = z:open("a", "w")
f:write("third")
f:close()
z:close()
t.equal(#warnings, 2)
t.contains(warnings[1], "duplicate_names_warn_and_the_last_one_wins.lua:10: UserWarning: Duplicate name: 'a'")
t.contains(warnings[2], "duplicate_names_warn_and_the_last_one_wins.lua:11: UserWarning: Duplicate name: 'a'")

local r <close> = zipfile.ZipFile(path)
t.equal(r:namelist(), { "a", "a", "a" })
t.equal(r:read("a"), "third")
local contents = {}
for i, info in ipairs(r:infolist()) do contents[i] = r:read(info) end
t.equal(contents, { "first", "second", "third" })
