"""What the law gives everybody over their own data: to take it, bring it, correct it, hold it, erase it."""
