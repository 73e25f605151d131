// NightjarBinary
