print("autotune")
