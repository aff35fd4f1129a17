module gotop.example/benchtarget

go 1.19
