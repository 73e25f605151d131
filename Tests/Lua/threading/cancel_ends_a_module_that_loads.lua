-- A module that never ends loading does not hold its thread.
local testing = require "testing"
local threading = require "threading"

local folder = ...
testing.write(folder .. "/endless.lua", "require 'threading'.loading:set() while true do end")
local loading = threading.Event()
local thread = threading.Thread {
  target = function()
    package.path = folder .. "/?.lua;" .. package.path
    require "threading".loading = loading
    while true do pcall(require, "endless") end
  end,
}
thread:start()
loading:wait()
thread:cancel()
thread:join()
testing.equal(thread.state, "cancelled")
