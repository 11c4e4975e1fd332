"""The rules that ship with the portal, and whether they still say what the published texts say."""
