-- The configuration of the Components example: what the program brings is named like what Nightjar has.
return {
  version = 1,
  filters = { secrets = { class = "app.Hide", word = "hunter2" } },
  formatters = { short = { class = "app.ShortFormatter" } },
  handlers = {
    console = { class = "logging.StreamHandler", stream = "ext://sys.stdout", formatter = "short", filters = { "secrets" } },
    alarm = { class = "app.AlarmHandler", limit = 3, level = "ERROR", formatter = "short", filters = { "secrets" } },
  },
  root = { level = "INFO", handlers = { "console", "alarm" } },
}
