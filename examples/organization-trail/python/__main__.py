"""An organization trail whose role serves one account."""

import json

import pulumi
import pulumi_aws as aws

bucket = aws.s3.Bucket("events")
aws.s3.BucketPolicy(
    "events",
    bucket=bucket.id,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudtrail.amazonaws.com"},
                    "Action": "s3:GetBucketAcl",
                    "Resource": bucket.arn,
                },
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudtrail.amazonaws.com"},
                    "Action": "s3:PutObject",
                    "Resource": pulumi.Output.concat(bucket.arn, "/AWSLogs/*"),
                    "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}},
                },
            ],
        }
    ),
)

account = aws.get_caller_identity().account_id
log_group = aws.cloudwatch.LogGroup("audit", name="audit", retention_in_days=365)

role = aws.iam.Role(
    "delivery",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudtrail.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    ),
)
aws.iam.RolePolicy(
    "delivery",
    role=role.name,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                    "Resource": (
                        f"arn:aws:logs:us-east-1:{account}:log-group:audit:log-stream:{account}_CloudTrail_us-east-1*"
                    ),
                }
            ],
        }
    ),
)

aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name=bucket.id,
    is_organization_trail=True,
    cloud_watch_logs_group_arn=pulumi.Output.concat(log_group.arn, ":*"),
    cloud_watch_logs_role_arn=role.arn,
)
