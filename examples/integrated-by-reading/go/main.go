// A trail that uses a log group and a role of another stack.
package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudtrail"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		bucket, err := s3.NewBucketV2(ctx, "events", nil)
		if err != nil {
			return err
		}
		_, err = s3.NewBucketPolicy(ctx, "events", &s3.BucketPolicyArgs{
			Bucket: bucket.ID(),
			Policy: pulumi.JSONMarshal(pulumi.Map{
				"Version": pulumi.String("2012-10-17"),
				"Statement": pulumi.Array{
					pulumi.Map{
						"Effect":    pulumi.String("Allow"),
						"Principal": pulumi.StringMap{"Service": pulumi.String("cloudtrail.amazonaws.com")},
						"Action":    pulumi.String("s3:GetBucketAcl"),
						"Resource":  bucket.Arn,
					},
					pulumi.Map{
						"Effect":    pulumi.String("Allow"),
						"Principal": pulumi.StringMap{"Service": pulumi.String("cloudtrail.amazonaws.com")},
						"Action":    pulumi.String("s3:PutObject"),
						"Resource":  pulumi.Sprintf("%s/AWSLogs/*", bucket.Arn),
						"Condition": pulumi.Map{"StringEquals": pulumi.StringMap{
							"s3:x-amz-acl": pulumi.String("bucket-owner-full-control"),
						}},
					},
				},
			}),
		})
		if err != nil {
			return err
		}

		logGroup, err := cloudwatch.GetLogGroup(ctx, "central", pulumi.ID("central-audit"), nil)
		if err != nil {
			return err
		}
		role, err := iam.GetRole(ctx, "delivery", pulumi.ID("central-delivery"), nil)
		if err != nil {
			return err
		}

		_, err = cloudtrail.NewTrail(ctx, "audit", &cloudtrail.TrailArgs{
			S3BucketName:           bucket.ID(),
			CloudWatchLogsGroupArn: pulumi.Sprintf("%s:*", logGroup.Arn),
			CloudWatchLogsRoleArn:  role.Arn,
		})
		return err
	})
}
