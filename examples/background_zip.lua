-- Compresses a file in the background while the main program goes on.
-- Run it as: nightjar run examples/background_zip.lua FILE ARCHIVE
local threading = require "threading"
local zipfile = require "zipfile"

local AsyncZip = threading.Thread:subclass("AsyncZip")

function AsyncZip:init(infile, outfile)
  AsyncZip.super.init(self)
  self.infile = infile
  self.outfile = outfile
end

function AsyncZip:run()
  local f <close> = zipfile.ZipFile(self.outfile, "w", zipfile.ZIP_DEFLATED)
  f:write(self.infile, self.infile:match("[^/]+$"))
  f:close()
  self.names = zipfile.ZipFile(self.outfile):namelist()
end

local background = AsyncZip(arg[1] or "mydata.txt", arg[2] or "myarchive.zip")
background:start()
print("The main program continues to run in foreground.")

background:join() -- Wait for the background task to finish
print("Finished background zip of: " .. table.concat(background.names, ", "))
print("Main program waited until background was done.")
