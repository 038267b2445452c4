class OwnWord(int):
    """What our own code alone can put into a context: what comes by RPC is a plain number."""


YES = OwnWord(1)


def is_own_word(env, key):
    """:return: whether it is our own code that has put this key into the context"""
    return isinstance(env.context.get(key), OwnWord)
