module gotop.test/winservice

go 1.19
