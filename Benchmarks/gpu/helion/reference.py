def faulty(x):
    return 2 * x
