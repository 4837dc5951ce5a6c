// A log group's ARN without :*.
package main

import (
	"encoding/json"

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

		logGroup, err := cloudwatch.NewLogGroup(ctx, "audit", &cloudwatch.LogGroupArgs{
			Name:            pulumi.String("audit"),
			RetentionInDays: pulumi.Int(365),
		})
		if err != nil {
			return err
		}

		trust, err := json.Marshal(map[string]any{
			"Version": "2012-10-17",
			"Statement": []map[string]any{{
				"Effect":    "Allow",
				"Principal": map[string]string{"Service": "cloudtrail.amazonaws.com"},
				"Action":    "sts:AssumeRole",
			}},
		})
		if err != nil {
			return err
		}
		role, err := iam.NewRole(ctx, "delivery", &iam.RoleArgs{
			AssumeRolePolicy: pulumi.String(trust),
		})
		if err != nil {
			return err
		}
		_, err = iam.NewRolePolicy(ctx, "delivery", &iam.RolePolicyArgs{
			Role: role.Name,
			Policy: pulumi.JSONMarshal(pulumi.Map{
				"Version": pulumi.String("2012-10-17"),
				"Statement": pulumi.Array{pulumi.Map{
					"Effect":   pulumi.String("Allow"),
					"Action":   pulumi.ToStringArray([]string{"logs:CreateLogStream", "logs:PutLogEvents"}),
					"Resource": pulumi.Sprintf("%s:*", logGroup.Arn),
				}},
			}),
		})
		if err != nil {
			return err
		}

		_, err = cloudtrail.NewTrail(ctx, "audit", &cloudtrail.TrailArgs{
			S3BucketName:           bucket.ID(),
			CloudWatchLogsGroupArn: logGroup.Arn,
			CloudWatchLogsRoleArn:  role.Arn,
		})
		return err
	})
}
