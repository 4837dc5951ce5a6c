// Components: their outputs, and what is made of a component as a whole.

import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
import { deliveryRole, role, trail } from "./parts";

class Delivery extends pulumi.ComponentResource {
    readonly groupArn: pulumi.Output<string>;
    readonly wildcard: pulumi.Output<string>;
    readonly roleArn: pulumi.Output<string>;
    readonly bucketArn: pulumi.Output<string>;

    constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
        super("acme:audit:Delivery", name, {}, opts);
        const child = { parent: this };
        this.groupArn = new aws.cloudwatch.LogGroup(`${name}-group`, {}, child).arn;
        this.wildcard = pulumi.interpolate`${this.groupArn}:*`;
        this.roleArn = deliveryRole(`${name}-role`, undefined, {}, child).arn;
        this.bucketArn = new aws.s3.Bucket(`${name}-bucket`, {}, child).arn;
        this.registerOutputs({ groupArn: this.groupArn, roleArn: this.roleArn });
    }
}

class Storage extends pulumi.ComponentResource {
    readonly arn: pulumi.Output<string>;

    constructor(name: string) {
        super("acme:audit:Storage", name);
        this.arn = new aws.s3.Bucket(`${name}-bucket`, {}, { parent: this }).arn;
        this.registerOutputs();
    }
}

class Audit extends pulumi.ComponentResource {
    constructor(name: string) {
        super("acme:audit:Audit", name);
        const child = { parent: this };
        const delivery = new Delivery(`${name}-inner`, child);
        trail("in-a-component", delivery.wildcard, delivery.roleArn, child);
        trail("in-a-component-bare", delivery.groupArn, delivery.roleArn, child);
        this.registerOutputs();
    }
}

const delivery = new Delivery("delivery");
trail("component", delivery.wildcard, delivery.roleArn);
trail("component-bare", delivery.groupArn, delivery.roleArn);
trail("component-bucket", delivery.bucketArn, delivery.roleArn);
const whole = pulumi.output(delivery);
trail("whole", whole.apply((made) => made.wildcard), whole.apply((made) => made.roleArn));
trail("whole-bare", whole.apply((made) => made.groupArn), whole.roleArn);
const many = pulumi.output({ delivery, role });
trail("whole-of-many", many.apply((each) => each.delivery.wildcard), many.role.arn);
trail("whole-of-many-bare", many.delivery.groupArn, many.role.arn);
trail("whole-without-log-group", pulumi.output(new Storage("storage")).arn, role.arn);
// A value that waits for the whole component is made of it too.
const waiting = pulumi.output([delivery.wildcard, pulumi.output(delivery.urn)]);
trail("waiting", waiting[0], role.arn);
trail("waiting-bare", pulumi.all([delivery.groupArn, delivery.urn]).apply(([arn]) => arn), role.arn);
new Audit("audit");
