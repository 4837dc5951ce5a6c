// What the stack does not declare: resources that are read, outputs of another stack, functions of the provider.

import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
import { group, role, trail } from "./parts";

const read = aws.cloudwatch.LogGroup.get("read", "central");
const roleRead = aws.iam.Role.get("read", "central");
trail("read", pulumi.interpolate`${read.arn}:*`, roleRead.arn);
trail("read-bare", read.arn, roleRead.arn);

const central = new pulumi.StackReference("organization/example-integrated/central");
trail("reference", central.requireOutput("groupArn").apply((arn) => `${arn}:*`), central.requireOutput("roleArn"));
trail("reference-bare", central.requireOutput("groupArn"), central.getOutput("roleArn"));
trail("reference-object", central.requireOutput("arns").apply((arns) => arns.group), central.outputs["roleArn"]);
trail("reference-missing", central.getOutput("grupArn"), central.getOutput("rolArn"));
// These two are promises of plain values.
const roleValue = central.requireOutputValue("roleArn");
trail("reference-value", central.requireOutputValue("wildcard"), roleValue);
const details = central.getOutputDetails("wildcard");
trail("reference-details", details.then(({ value }) => value), central.getOutput("roleArn"));

const found = aws.cloudwatch.getLogGroupOutput({ name: "central" });
trail("function", pulumi.interpolate`${found.arn}:*`, role.arn);
trail("function-bare", found.arn, role.arn);
const promise = aws.cloudwatch.getLogGroup({ name: "central" });
trail("function-promise", promise.then(({ arn }) => `${arn}:*`), role.arn);
// Their arguments are known in a preview, but the log group is not there yet.
const byName = aws.cloudwatch.getLogGroupOutput({ name: group.name });
trail("function-by-name", pulumi.interpolate`${byName.arn}:*`, role.arn);
trail("function-by-name-bare", byName.arn, role.arn);
const after = aws.cloudwatch.getLogGroupOutput({ name: "central" }, { dependsOn: [group] });
trail("function-after", pulumi.interpolate`${after.arn}:*`, role.arn);
const bucket = new aws.s3.Bucket("bucket");
const afterBucket = aws.cloudwatch.getLogGroupOutput({ name: "central" }, { dependsOn: [bucket] });
trail("function-after-bucket", pulumi.interpolate`${afterBucket.arn}:*`, role.arn);
