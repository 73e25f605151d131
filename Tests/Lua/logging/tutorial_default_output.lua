-- What the tutorial of Python's logging shows first: warnings and worse, on standard error.
local logging = require "logging"

logging.debug("Debugging information")
logging.info("Informational message")
logging.warning("Warning:config file %s not found", "server.conf")
logging.error("Error occurred")
logging.critical("Critical error -- shutting down")
