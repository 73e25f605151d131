local zipfile = require "zipfile"
local t = require "testing"
local printed = {}
print = function(text) printed[#printed + 1] = text end
zipfile.help()
for _, name in ipairs { "ZipFile", "ZipInfo", "is_zipfile", "BadZipFile", "LargeZipFile", "ZipLimitError", "ZIP_STORED", "ZIP_ZSTANDARD" } do
  t.contains(printed[1], "\n" .. name)
end
