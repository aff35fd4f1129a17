module example.com/chatty

go 1.22
