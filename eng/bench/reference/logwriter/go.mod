module example.com/logwriter

go 1.22
