"""The part of docs/policies.md that says how to fix a trail: in its program, in AWS's console, or with the AWS CLI.

tests/tools/generate/test_remedies.py runs the commands as they stand on the page. The steps of the console are those of
AWS's user guide: "Updating a trail with the CloudTrail console" and "Sending events to CloudWatch Logs". What the AWS
provider does after a change by hand is in its resource `aws_cloudtrail`: both ARNs are optional, not computed, and are
sent together where one of them differs.
"""

from __future__ import annotations

from collections.abc import Iterator

from tools.generate.examples import shown


def remedies() -> Iterator[str]:
    """The section, line by line."""
    yield _PROGRAM
    yield from shown("integrated")
    yield _BY_HAND


_PROGRAM = """## Fix a trail

[In the program](#in-the-program) is the fix that stays. A trail that must deliver at once can be changed in AWS first:
[in the console](#in-the-console) or [with the AWS CLI](#with-the-aws-cli). Then bring the
[program in line](#after-a-change-by-hand), or the next update may undo it.

### In the program

A log group, a role that CloudTrail may assume and that may write to the log group, and a trail that names both. The
bucket and its policy are what every trail needs.
"""

_BY_HAND = """It is right for these trails too:

- an organization trail (`isOrganizationTrail`): the role may write all streams of the log group, those of member
  accounts too;
- a trail of another partition, such as China or GovCloud: the ARNs come from the resources, and the service principal
  is `cloudtrail.amazonaws.com` in every partition.

### In the console

1. Sign in to the trail's account with the right to create a role, and open the
   [CloudTrail console](https://console.aws.amazon.com/cloudtrail/).
2. Choose **Trails**, then the trail. For a trail of all regions, the console goes to its home region.
3. In **CloudWatch Logs**, choose **Edit**, then **Enabled**.
4. For the log group, choose **New** and give it a name, or **Existing** and one from the list.
5. For the IAM role, choose **New** and give it a name. With **Existing**, the role needs the trust and the permissions
   [below](#with-the-aws-cli).
6. Choose **Save changes**.

For an organization trail, only the management account can do that in the console. A delegated administrator uses the
AWS CLI. An existing role may not be enough then: see [below](#an-organization-trail).

### With the AWS CLI

Set the first line to the ARN of the trail, which the console shows (its name does not do), and the next two to names
that are free. The rest follows from them, in every partition. The log group and the role are created in the account
whose credentials the AWS CLI uses.

```sh
TRAIL=arn:aws:cloudtrail:us-east-1:123456789012:trail/audit
LOG_GROUP=audit
ROLE=delivery

PARTITION=$(echo "$TRAIL" | cut -d: -f2)
export AWS_REGION=$(echo "$TRAIL" | cut -d: -f4)
export AWS_DEFAULT_REGION=$AWS_REGION AWS_PAGER=
ACCOUNT=$(aws sts get-caller-identity --query Account --output text)
LOG_GROUP_ARN="arn:${PARTITION}:logs:${AWS_REGION}:${ACCOUNT}:log-group:${LOG_GROUP}:*"
ROLE_ARN="arn:${PARTITION}:iam::${ACCOUNT}:role/${ROLE}"
```

The role's trust, which lets CloudTrail assume it, and its permissions:

```sh
cat > trust.json <<END
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": { "Service": "cloudtrail.amazonaws.com" },
      "Action": "sts:AssumeRole"
    }
  ]
}
END
cat > permissions.json <<END
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
      "Resource": "${LOG_GROUP_ARN}"
    }
  ]
}
END
```

The log group, the role and the trail:

```sh
aws logs create-log-group --log-group-name "$LOG_GROUP"
aws logs put-retention-policy --log-group-name "$LOG_GROUP" --retention-in-days 365
aws iam create-role --role-name "$ROLE" --assume-role-policy-document file://trust.json
aws iam put-role-policy --role-name "$ROLE" --policy-name "$ROLE" --policy-document file://permissions.json
aws cloudtrail update-trail --name "$TRAIL" \\
  --cloud-watch-logs-log-group-arn "$LOG_GROUP_ARN" --cloud-watch-logs-role-arn "$ROLE_ARN"
```

A new role works only some seconds later. If `update-trail` answers `Access denied`, wait and run it again.

Some minutes later, the trail's status has a recent `LatestCloudWatchLogsDeliveryTime` and no
`LatestCloudWatchLogsDeliveryError`:

```sh
aws cloudtrail get-trail-status --name "$TRAIL"
```

#### An organization trail

Use credentials of the management account, or of the delegated administrator for CloudTrail. The commands are the same.

The streams of member accounts begin with the organization's id, such as `o-exampleorgid_`. The permissions above end in
`:*`, so they cover them. A role that may only write the streams of one account
(`…:log-stream:123456789012_CloudTrail_us-east-1*`) also needs `…:log-stream:o-exampleorgid_*`.

### After a change by hand

`pulumi up` compares the program with the stack's state. It looks into AWS only where it is told to refresh:

| command | the trail in AWS |
|---|---|
| `pulumi up` | stays as it is. The pack reports the trail as before, since it checks the program |
| `pulumi refresh --preview-only` | stays as it is. Its two ARNs are shown as a difference |
| `pulumi up --refresh`, or `pulumi refresh` and then `pulumi up` | **loses both ARNs**, if the program sets none |

At level `mandatory` the report stops the update. At level `remediate` with `logGroupArn` and `roleArn`, the update sets
those instead of yours.

The log group and the role are not in the state, so no command shows or touches them. Before the next update, let the
program set both ARNs, in one of two ways:

- Read the log group and the role where they are, as
  [integrated-by-reading](../examples/integrated-by-reading) does. They stay outside the stack.
- Bring them into the stack: add them to the program as [above](#in-the-program), and give the log group, the role and
  its policy a `name`, the one that each has in AWS. Then import them, each under its name in the program:

```console
$ pulumi import --protect=false --generate-code=false aws:cloudwatch/logGroup:LogGroup audit audit
$ pulumi import --protect=false --generate-code=false aws:iam/role:Role delivery delivery
$ pulumi import --protect=false --generate-code=false aws:iam/rolePolicy:RolePolicy delivery delivery:delivery
$ pulumi preview --diff
```

The last argument is the name in AWS. For a policy of a role it is `ROLE:POLICY`.
The preview should change the trail alone: it gets the ARNs that it has in AWS already.
"""
