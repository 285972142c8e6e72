def faulty(x, count):
    return 2 * x
