"""`make prove`: an SMT solver is asked what `cloudtrail_logs/iam` answers about a role and the streams of a trail.

    python -m tools.quality.prove --cases 5000 --seed 0

The solver (`z3`) gets the documents as languages: regular expressions of the ARNs that they allow, translated from the
JSON here, without anything of `cloudtrail_logs/iam`. Its question is whether there is a log stream of the trail that no
statement allows, or that one denies.

Two kinds of things are not known. The unknown parts (partition, region, account, name of the log group, id of the
organization) have one value each, the same for all streams and both actions, and any text of their form. Whatever else
is not known may be either way for each request by itself: a condition that the request decides, the value of a policy
variable, an effect or a pattern that the program computes, a policy that there may be. A policy that the role may have
is there with all of its statements, or not at all. A stream is allowed for sure where it is allowed in each of these
ways, and refused for sure where it is refused in each.

The solver's answers about an action, and about both:

- YES: for every value of the unknown parts, every stream is allowed for sure.
- NO: for every value of the unknown parts, there is a stream that is refused for sure; about both actions, it may be
  another action for another value.
- MAYBE: neither.

The streams are ACCOUNT_CloudTrail_REGION, the same with `_` and one or two digits, and of an organization trail also
o-ORGANIZATION_MEMBER_CloudTrail_REGION with MEMBER for any 12 digits. Numbers of three digits and more are left out, as
the pack leaves them out. Where it is not known whether a trail is an organization's, a YES needs the streams of its
members too, and a NO has to hold without them.

These are differences, and each fails the command:

- the pack says YES, and the solver does not; for an action (`allows`), or for the trail (its report is empty and it
  waits for nothing);
- the pack says NO, and the solver does not; for an action, or for the trail (there is a report);
- a stream that the pack names is not refused for sure, for some value of the unknown parts. Its digits are taken as
  they are named; for MEMBER there has to be one that is refused. This is asked about what `allows` returns, and about
  the texts of the report, with the value of the unknown part that they give as an example.

A MAYBE of the pack where the solver is sure is no difference: the pack may be less precise. It is counted. What the
solver cannot decide in time is counted too, and is neither right nor wrong.
"""
