"""A trail whose log group is not connected to it."""

import json

import pulumi
import pulumi_aws as aws


def create(connected: bool = False) -> None:
    bucket = aws.s3.Bucket("trail-logs")
    log_group = aws.cloudwatch.LogGroup("audit", retention_in_days=365)
    trusted = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = aws.iam.Role("delivery", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trusted]}))
    allowed = {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": pulumi.Output.concat(log_group.arn, ":log-stream:*"),
    }
    policy = pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [allowed]})
    aws.iam.RolePolicy("delivery", role=role.id, policy=policy)
    aws.cloudtrail.Trail(
        "audit",
        s3_bucket_name=bucket.id,
        cloud_watch_logs_group_arn=pulumi.Output.concat(log_group.arn, ":*") if connected else None,
        cloud_watch_logs_role_arn=role.arn if connected else None,
    )
