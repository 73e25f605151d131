local logging = require "logging"
logging.basicConfig{format = "%(filename)s:%(lineno)d:%(funcName)s:%(module)s:%(message)s", level = "INFO"}
local log = logging.getLogger("site")

log:info("main")
local function work() log:info("in a function") end
work()
local t = {}
function t:method() log:warning("in a method") end
t:method()
function global() logging.error("in a global") end
global()
local function tail() return log:info("tail") end
tail();
(function() log:info("nameless") end)()
pcall(log.info, log, "through pcall")
local function wrapper(text) log:info(text, {stacklevel = 2}) end
local function user() wrapper("from the wrapper's caller") end
user()
coroutine.wrap(function() log:info("in a coroutine") end)()
load("local log = ... log:info('a chunk')", "=chunk")(log)
log:info("further out than there are functions", { stacklevel = 1000 })
assert(#logging.getLogger("site").handlers == 0)
