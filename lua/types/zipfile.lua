---@meta zipfile

---ZIP archives: <https://docs.python.org/3/library/zipfile.html>.
---@class nightjar.zipfile
---@field ZIP_STORED integer
---@field ZIP_DEFLATED integer
---@field BadZipFile nightjar.ExceptionClass
---@field LargeZipFile nightjar.ExceptionClass
local zipfile = {}

---@alias nightjar.DateTime integer[] year, month, day, hour, minute, second

---One member's entry.
---@class nightjar.ZipInfo
---@field filename string
---@field date_time nightjar.DateTime
---@field compress_type integer
---@field comment string
---@field extra string
---@field create_system integer
---@field create_version integer
---@field extract_version integer
---@field flag_bits integer
---@field internal_attr integer
---@field external_attr integer
---@field header_offset integer
---@field CRC integer
---@field compress_size integer
---@field file_size integer
local ZipInfo = {}

---@return boolean
function ZipInfo:is_dir() end

---@param filename? string
---@param date_time? nightjar.DateTime
---@return nightjar.ZipInfo
function zipfile.ZipInfo(filename, date_time) end

---@param filename string
---@return boolean
function zipfile.is_zipfile(filename) end

---@class nightjar.ZipFileOptions
---@field file string
---@field mode? "r"|"w"|"x"|"a" `r` by default.
---@field compression? integer ZIP_STORED by default.
---@field allowZip64? boolean true by default
---@field compresslevel? integer 0 to 9
---@field strict_timestamps? boolean true by default

---Limits on what an archive may unpack to. A limit exceeded is a `BadZipFile`.
---@class nightjar.ZipLimits
---@field max_size? integer bytes
---@field max_ratio? number unpacked to packed bytes
---@field max_members? integer

---To be closed: `local archive <close> = zipfile.ZipFile("a.zip")`. A new archive has its name only when it is closed.
---@class nightjar.ZipFile
---@field filename string
---@field mode string
---@field compression integer
---@field compresslevel integer?
---@field comment string
local ZipFile = {}

---Adds a file or folder from disk.
---@param filename string
---@param arcname? string Its name in the archive.
---@param compress_type? integer
---@param compresslevel? integer
function ZipFile:write(filename, arcname, compress_type, compresslevel) end

---Adds a member with this content.
---@param zinfo_or_arcname string|nightjar.ZipInfo
---@param data string
---@param compress_type? integer
---@param compresslevel? integer
function ZipFile:writestr(zinfo_or_arcname, data, compress_type, compresslevel) end

---All bytes of a member.
---@param name string|nightjar.ZipInfo
---@param pwd? string
---@param limits? nightjar.ZipLimits
---@return string
function ZipFile:read(name, pwd, limits) end

---@return string[]
function ZipFile:namelist() end

---@return nightjar.ZipInfo[]
function ZipFile:infolist() end

---@param name string
---@return nightjar.ZipInfo
function ZipFile:getinfo(name) end

---Writes a member below a folder and gives where.
---@param member string|nightjar.ZipInfo
---@param path? string The working folder by default.
---@param pwd? string
---@return string
function ZipFile:extract(member, path, pwd) end

---The name of the first damaged member, or nil.
---@return string?
function ZipFile:testzip() end

---Makes the archive final; a second call is harmless.
function ZipFile:close() end

---@param file string|nightjar.ZipFileOptions
---@param mode? "r"|"w"|"x"|"a"
---@param compression? integer
---@param allowZip64? boolean
---@param compresslevel? integer
---@return nightjar.ZipFile
function zipfile.ZipFile(file, mode, compression, allowZip64, compresslevel) end

---@param name? string
function zipfile.help(name) end

return zipfile
