"""A log group and a role that nothing confirms."""

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

aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name=bucket.id,
    cloud_watch_logs_group_arn="arn:aws:logs:us-east-1:123456789012:log-group:central-audit:*",
    cloud_watch_logs_role_arn="arn:aws:iam::123456789012:role/central-delivery",
)
