local weakref, gc, exceptions = require "weakref", require "gc", require "exceptions"
local o, called = {}, 0
local keep = {
  weakref.ref(o, function() called = called + 1 end),
  weakref.ref(o, function() error("plain") end),
  weakref.ref(o, function() error(exceptions.ValueError("an exception")) end),
  weakref.ref(o, 5),
  weakref.ref(o, function() called = called + 1 end),
}
weakref.finalize(o, error, "from a finalizer", 0)
o = nil
gc.collect()
assert(called == 2)
local reports = ignored_errors()
assert(#reports == 4)
assert(reports[1]:find("^Exception ignored in: <finalize object at 0x%x+; dead>\n") and reports[1]:find("\nfrom a finalizer\n$"), reports[1])
assert(reports[2]:find("^Exception ignored in: 5\n") and reports[2]:find("attempt to call a number value\n$"), reports[2])
assert(reports[3]:find("\nstack traceback:\n", 1, true) and reports[3]:find("\nValueError: an exception\n$"), reports[3])
assert(reports[4]:find("^Exception ignored in: function: 0x%x+\nstack traceback:\n") and reports[4]:find("%.lua:5: plain\n$"), reports[4])
