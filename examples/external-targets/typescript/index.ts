// A log group and a role that nothing confirms.

import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";

const bucket = new aws.s3.Bucket("events");
new aws.s3.BucketPolicy("events", {
    bucket: bucket.id,
    policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
            {
                Effect: "Allow",
                Principal: { Service: "cloudtrail.amazonaws.com" },
                Action: "s3:GetBucketAcl",
                Resource: bucket.arn,
            },
            {
                Effect: "Allow",
                Principal: { Service: "cloudtrail.amazonaws.com" },
                Action: "s3:PutObject",
                Resource: pulumi.interpolate`${bucket.arn}/AWSLogs/*`,
                Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } },
            },
        ],
    }),
});

new aws.cloudtrail.Trail("audit", {
    s3BucketName: bucket.id,
    cloudWatchLogsGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:central-audit:*",
    cloudWatchLogsRoleArn: "arn:aws:iam::123456789012:role/central-delivery",
});
