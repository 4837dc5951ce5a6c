"""A stand-in for the Pulumi Cloud service: test equipment, never for real stacks.

The real CLI publishes policy packs to it, enables them, and runs them in `preview` and `up` as its
organization requires. Like the original it checks who asks, gives the same forms of answers and
errors, and serves nothing of a version whose upload was not completed.

It deviates: there is one user in one organization with one policy group, which holds every stack;
everything is kept in memory and ends with the process; it encrypts nothing, so stacks need
`--secrets-provider passphrase`; updates of one stack do not exclude each other; a configuration
is stored unchecked; a publication that did not complete may be repeated; a policy exception has no
approval and no expiry, and the CLI cannot make one; it opens no ESC environments.
"""
