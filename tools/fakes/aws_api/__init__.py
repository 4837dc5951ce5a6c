"""A stand-in for the few AWS services that are asked about trails, log groups and roles: test equipment.

It answers CloudTrail, CloudWatch Logs, IAM and STS on one port of the loopback address, and tells them
apart by protocol. Like the originals it wants signed requests with a known key and the session token that
belongs to it, knows a caller's account by the key and a region by the signature, answers in pages, and
gives the same forms of answers and errors.

It deviates: it compares no signature with the secret, evaluates no policy, so whoever has a key may read
everything of that key's account and assume every role, and ends no session when it expires; the URL of the
request says nothing about the service or its region; a trail is found from every region, as one of all
regions is, though not from another account, and is described in its home region alone; a policy may be
attached that does not exist; parameters that it does not know are refused; it only reads, but for the few
operations of writes.py where it is given them; and an update of a trail looks at neither the log group nor
the role.
"""
