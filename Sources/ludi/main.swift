print("ludi")
