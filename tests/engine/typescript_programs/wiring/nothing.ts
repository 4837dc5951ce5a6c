// The ways in which a program sets nothing.

import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
import { group, role, trail } from "./parts";

const nothing = null as unknown as undefined;
const streams = pulumi.interpolate`${group.arn}:*`;
const optional: { groupArn?: pulumi.Output<string>; role?: aws.iam.Role } = {};
const config = new pulumi.Config();

trail("undefined", undefined, undefined);
trail("null", nothing, nothing);
trail("empty", "", "");
new aws.cloudtrail.Trail("left-out", { s3BucketName: "bucket" });
trail("optional", optional.groupArn, optional.role?.arn);
trail("optional-with-default", optional.groupArn ?? streams, optional.role?.arn ?? role.arn);
trail("output-of-undefined", pulumi.output(undefined), pulumi.output(nothing));
trail("output-of-empty", pulumi.output(""), pulumi.secret(""));
trail("promise-of-undefined", Promise.resolve(undefined), Promise.resolve(nothing));
trail("not-configured", config.get("groupArn"), config.getSecret("roleArn"));
trail("not-configured-with-default", config.getSecret("groupArn") ?? streams, config.get("roleArn") ?? role.arn);

trail("role-undefined", streams, undefined);
trail("role-empty", streams, "");
trail("group-undefined", undefined, role.arn);
trail("group-null", nothing, role.arn);

// Known when the resource that it is made of is created.
trail("late", group.arn.apply(() => undefined), role.arn.apply(() => nothing));
trail("late-role", streams, role.arn.apply(() => ""));
