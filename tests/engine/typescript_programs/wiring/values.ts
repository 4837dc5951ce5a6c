// The ways in which a program makes one value of others. What ends in -bare lacks the :* of a log group's ARN.

import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
import { Arn, group, role, trail } from "./parts";

const wildcard = pulumi.interpolate`${group.arn}:*`;

trail("interpolate", pulumi.interpolate`${group.arn}:*`, role.arn);
trail("interpolate-bare", pulumi.interpolate`${group.arn}`, role.arn);
trail("concat", pulumi.concat(group.arn, ":*"), role.arn);
trail("concat-twice", pulumi.concat(group.arn, ":*", ":*"), role.arn);
trail("apply", group.arn.apply((arn) => `${arn}:*`), role.arn);
trail("apply-bare", group.arn.apply((arn) => arn.replace(/:\*$/, "")), role.arn);
trail("apply-async", group.arn.apply(async (arn) => `${arn}:*`), role.arn);
trail("apply-async-bare", group.arn.apply(async (arn) => arn), role.arn);
trail("crossed", role.arn, group.arn);

// From names, which are known in a preview.
const { accountId } = aws.getCallerIdentityOutput();
const named = pulumi.interpolate`arn:aws:logs:us-east-1:${accountId}:log-group:${group.name}`;
const roleNamed = pulumi.all([accountId, role.name]).apply(([id, name]) => `arn:aws:iam::${id}:role/${name}`);
trail("names", pulumi.interpolate`${named}:*`, roleNamed);
trail("names-bare", named, roleNamed);

trail("all", pulumi.all([group.arn, role.arn]).apply(([arn]) => `${arn}:*`), role.arn);
trail("all-bare", pulumi.all([group.arn, role.arn]).apply(([arn]) => arn), role.arn);
trail("all-other", pulumi.all([group.arn, role.arn]).apply(([, arn]) => arn), role.arn);

const arns = pulumi.all({ group: wildcard, bare: group.arn, role: role.arn });
trail("object", arns.group, arns.role);
trail("object-bare", arns.bare, arns.role);
trail("object-crossed", arns.role, arns.group);
const nested = pulumi.output({ logs: { arn: group.arn }, role: role.arn });
trail("nested", nested.apply(({ logs }) => `${logs.arn}:*`), nested.role);
trail("nested-bare", nested.logs.arn, nested.role);
const list = pulumi.output([wildcard, group.arn, role.arn]);
trail("list", list[0], list[2]);
trail("list-bare", list[1], list[2]);
const json = pulumi.jsonParse(pulumi.jsonStringify({ group: group.arn }));
trail("json", json.apply((parsed) => `${parsed.group}:*`), role.arn);
trail("json-bare", json.apply((parsed) => parsed.group), role.arn);

trail("secret", pulumi.secret(wildcard), pulumi.secret(role.arn));
trail("secret-bare", pulumi.secret(group.arn), pulumi.secret(role.arn));
trail("unsecret", pulumi.unsecret(pulumi.secret(wildcard)), role.arn);
trail("unsecret-bare", pulumi.unsecret(pulumi.secret(group.arn)), role.arn);

trail("create", pulumi.Output.create(wildcard), pulumi.Output.create(role.arn));
trail("create-bare", pulumi.Output.create(group.arn), pulumi.Output.create(role.arn));
trail("resource", pulumi.output(group).apply((made) => pulumi.concat(made.arn, ":*")), pulumi.output(role).arn);
trail("resource-bare", pulumi.output(group).arn, pulumi.output(role).arn);
const promised = async <T>(value: T) => value;
trail("promise", pulumi.output(promised(wildcard)), pulumi.output(promised(role.arn)));
trail("promise-bare", pulumi.output(promised(group.arn)), pulumi.output(promised(role.arn)));
function deferred(value: pulumi.Output<string>) {
    const [output, resolve] = pulumi.deferredOutput<string>();
    resolve(value);
    return output;
}
trail("deferred", deferred(wildcard), deferred(role.arn));
trail("deferred-bare", deferred(group.arn), deferred(role.arn));

const defaults = { s3BucketName: "bucket", cloudWatchLogsGroupArn: group.arn, cloudWatchLogsRoleArn: role.arn };
const overrides = { cloudWatchLogsGroupArn: wildcard };
new aws.cloudtrail.Trail("spread", { ...defaults, ...overrides });
new aws.cloudtrail.Trail("spread-bare", { ...overrides, ...defaults });
new aws.cloudtrail.Trail("spread-undefined", { ...defaults, cloudWatchLogsRoleArn: undefined as Arn });

// What no resource of the stack is a part of.
const TYPED = "arn:aws:logs:us-east-1:123456789012:log-group:typed:*";
trail("typed", TYPED, role.arn);
trail("typed-promise", Promise.resolve(TYPED), role.arn);
trail("typed-output", pulumi.output(TYPED), role.arn);
trail("typed-secret", pulumi.secret(TYPED), role.arn);
