// How values arrive that a program in Go makes in one of its ways: test_go_programs.py says what the pack reports about
// each. The name of every resource begins with its case's.
package main

import (
	"encoding/json"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudtrail"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	central = "arn:aws:logs:us-east-1:123456789012:log-group:x:*"
	trust   = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "sts:AssumeRole"}]}`
	allowed = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "arn:aws:logs:*:*:*"}]}`
)

// program declares what the cases need.
type program struct {
	ctx *pulumi.Context
}

func must[Value any](value Value, err error) Value {
	if err != nil {
		panic(err)
	}
	return value
}

func (p program) group(name string, options ...pulumi.ResourceOption) *cloudwatch.LogGroup {
	return must(cloudwatch.NewLogGroup(p.ctx, name, nil, options...))
}

// bareRole is a role without permissions.
func (p program) bareRole(name string, options ...pulumi.ResourceOption) *iam.Role {
	return must(iam.NewRole(p.ctx, name, &iam.RoleArgs{AssumeRolePolicy: pulumi.String(trust)}, options...))
}

func (p program) may(name string, role, policy pulumi.Input, options ...pulumi.ResourceOption) {
	must(iam.NewRolePolicy(p.ctx, name, &iam.RolePolicyArgs{Role: role, Policy: policy}, options...))
}

func (p program) role(name string, options ...pulumi.ResourceOption) *iam.Role {
	role := p.bareRole(name, options...)
	p.may(name, role.Name, pulumi.String(allowed), options...)
	return role
}

func (p program) trail(name string, group, role pulumi.StringPtrInput, options ...pulumi.ResourceOption) {
	must(cloudtrail.NewTrail(p.ctx, name, &cloudtrail.TrailArgs{
		S3BucketName:           pulumi.String("bucket"),
		CloudWatchLogsGroupArn: group,
		CloudWatchLogsRoleArn:  role,
	}, options...))
}

// wired is a trail whose log group's ARN is made by the case, and whose role is right.
func (p program) wired(name string, group func(*cloudwatch.LogGroup) pulumi.StringPtrInput) {
	p.trail(name, group(p.group(name)), p.role(name).Arn)
}

// granted is a trail that is right if the case's grant is.
func (p program) granted(name string, grant func(*cloudwatch.LogGroup, *iam.Role)) {
	group, role := p.group(name), p.bareRole(name)
	grant(group, role)
	p.trail(name, pulumi.Sprintf("%s:*", group.Arn), role.Arn)
}

func wildcard(arn string) string { return arn + ":*" }

// audit is a component with a log group and a role.
type audit struct {
	pulumi.ResourceState

	GroupArn, RoleArn pulumi.StringOutput
}

func (p program) audit(name string) *audit {
	made := &audit{}
	if err := p.ctx.RegisterComponentResource("acme:obs:Audit", name, made); err != nil {
		panic(err)
	}
	parent := pulumi.Parent(made)
	made.GroupArn, made.RoleArn = p.group(name, parent).Arn, p.role(name, parent).Arn
	outputs := pulumi.Map{"groupArn": made.GroupArn, "roleArn": made.RoleArn}
	if err := p.ctx.RegisterResourceOutputs(made, outputs); err != nil {
		panic(err)
	}
	return made
}

// targets is a struct that no SDK knows.
type targets struct{ group, role string }

// document is a policy for some actions, as the provider's function makes it.
func (p program) document(group *cloudwatch.LogGroup, actions ...string) pulumi.StringOutput {
	return iam.GetPolicyDocumentOutput(p.ctx, iam.GetPolicyDocumentOutputArgs{
		Statements: iam.GetPolicyDocumentStatementArray{iam.GetPolicyDocumentStatementArgs{
			Actions:   pulumi.ToStringArray(actions),
			Resources: pulumi.StringArray{pulumi.Sprintf("%s:*", group.Arn)},
		}},
	}).Json()
}

// marshalled is the same as the SDK makes it.
func marshalled(group *cloudwatch.LogGroup, actions ...string) pulumi.StringOutput {
	return pulumi.JSONMarshal(pulumi.Map{"Statement": pulumi.Map{
		"Effect":   pulumi.String("Allow"),
		"Action":   pulumi.ToStringArray(actions),
		"Resource": pulumi.Sprintf("%s:*", group.Arn),
	}})
}

func (p program) strings() {
	p.wired("sprintf-right", func(g *cloudwatch.LogGroup) pulumi.StringPtrInput { return pulumi.Sprintf("%s:*", g.Arn) })
	p.wired("sprintf-bare", func(g *cloudwatch.LogGroup) pulumi.StringPtrInput { return pulumi.Sprintf("%v", g.Arn) })

	p.wired("apply-right", func(g *cloudwatch.LogGroup) pulumi.StringPtrInput {
		return g.Arn.ApplyT(wildcard).(pulumi.StringOutput)
	})
	p.wired("apply-error", func(g *cloudwatch.LogGroup) pulumi.StringPtrInput {
		return g.Arn.ApplyT(func(arn string) (string, error) { return arn, nil }).(pulumi.StringOutput)
	})
	bucket := must(s3.NewBucketV2(p.ctx, "apply-of-bucket", nil))
	p.trail("apply-of-bucket", bucket.Arn.ApplyT(wildcard).(pulumi.StringOutput), p.role("apply-of-bucket").Arn)

	group, role := p.group("all-right"), p.role("all-right")
	both := func(group, role *pulumi.StringOutput, choose func([]any) string) pulumi.StringOutput {
		return pulumi.All(*group, *role).ApplyT(choose).(pulumi.StringOutput)
	}
	first := func(args []any) string { return args[0].(string) + ":*" }
	second := func(args []any) string { return args[1].(string) }
	p.trail("all-right", both(&group.Arn, &role.Arn, first), both(&group.Arn, &role.Arn, second))
	p.trail("all-crossed", both(&role.Arn, &group.Arn, first), both(&role.Arn, &group.Arn, second))

	p.wired("name-right", func(g *cloudwatch.LogGroup) pulumi.StringPtrInput {
		return pulumi.Sprintf("arn:aws:logs:us-east-1:123456789012:log-group:%s:*", g.Name)
	})
	p.wired("name-bare", func(g *cloudwatch.LogGroup) pulumi.StringPtrInput {
		return pulumi.Sprintf("arn:aws:logs:us-east-1:123456789012:log-group:%s", g.Name)
	})
}

func (p program) pointers() {
	p.trail("pointer-right", pulumi.StringPtr(central), p.role("pointer-right").Arn)
	p.trail("pointer-empty", pulumi.StringPtr(""), pulumi.String(""))
	p.trail("pointer-nil", pulumi.StringPtrFromPtr(nil), nil)
	p.wired("elem-right", func(g *cloudwatch.LogGroup) pulumi.StringPtrInput {
		return pulumi.Sprintf("%s:*", g.Arn.ToStringPtrOutput().Elem())
	})
	role := p.role("elem-of-nil")
	p.trail("elem-of-nil", role.Description.Elem(), role.PermissionsBoundary.Elem())
	p.trail("output-of-nil", role.Description, role.PermissionsBoundary)
	pointer := func(arn string) *string { arn += ":*"; return &arn }
	p.wired("apply-to-pointer", func(g *cloudwatch.LogGroup) pulumi.StringPtrInput {
		return g.Arn.ApplyT(pointer).(pulumi.StringPtrOutput)
	})
	nothing := role.Arn.ApplyT(func(string) *string { return nil }).(pulumi.StringPtrOutput)
	p.trail("apply-to-nil", nothing, nothing)
}

func (p program) values() {
	p.wired("secret-right", func(g *cloudwatch.LogGroup) pulumi.StringPtrInput {
		return pulumi.ToSecret(pulumi.Sprintf("%s:*", g.Arn)).(pulumi.StringOutput)
	})
	p.wired("secret-bare", func(g *cloudwatch.LogGroup) pulumi.StringPtrInput {
		return pulumi.ToSecret(g.Arn).(pulumi.StringOutput)
	})
	p.trail("secret-text", pulumi.ToSecret(pulumi.String(central)).(pulumi.StringOutput), p.role("secret-text").Arn)
	configured, _ := p.ctx.GetConfig("example-wiring:central")
	p.trail("configured", pulumi.String(configured), p.role("configured").Arn)

	p.wired("any-right", func(g *cloudwatch.LogGroup) pulumi.StringPtrInput {
		return g.Arn.ApplyT(func(arn string) any { return arn + ":*" }).(pulumi.AnyOutput).AsStringOutput()
	})
	p.wired("any-bare", func(g *cloudwatch.LogGroup) pulumi.StringPtrInput {
		return g.Arn.ApplyT(func(arn string) any { return arn }).(pulumi.AnyOutput).AsStringOutput()
	})

	group, role := p.group("struct-right"), p.role("struct-right")
	made := pulumi.All(group.Arn, role.Arn).ApplyT(func(args []any) targets {
		return targets{args[0].(string), args[1].(string)}
	})
	member := func(choose func(targets) string) pulumi.StringOutput {
		return made.ApplyT(func(value any) string { return choose(value.(targets)) }).(pulumi.StringOutput)
	}
	arn := member(func(made targets) string { return made.role })
	p.trail("struct-right", member(func(made targets) string { return made.group + ":*" }), arn)
	p.trail("struct-bare", member(func(made targets) string { return made.group }), arn)

	inside := p.audit("component-right")
	p.trail("component-right", pulumi.Sprintf("%s:*", inside.GroupArn), inside.RoleArn, pulumi.DependsOn([]pulumi.Resource{inside}))
	inside = p.audit("component-bare")
	p.trail("component-bare", inside.GroupArn, inside.RoleArn, pulumi.Parent(inside))

	found := must(cloudwatch.LookupLogGroup(p.ctx, &cloudwatch.LookupLogGroupArgs{Name: "central"}))
	p.trail("lookup-right", pulumi.String(found.Arn+":*"), p.role("lookup-right").Arn)
	p.wired("lookup-output", func(g *cloudwatch.LogGroup) pulumi.StringPtrInput {
		return pulumi.Sprintf("%s:*", cloudwatch.LookupLogGroupOutput(p.ctx, cloudwatch.LookupLogGroupOutputArgs{Name: g.Name}).Arn())
	})
	p.wired("lookup-bare", func(g *cloudwatch.LogGroup) pulumi.StringPtrInput {
		return cloudwatch.LookupLogGroupOutput(p.ctx, cloudwatch.LookupLogGroupOutputArgs{Name: g.Name}).Arn()
	})

	other := must(pulumi.NewStackReference(p.ctx, "organization/example-wiring/central", nil))
	output := func(name string) pulumi.StringOutput { return other.GetStringOutput(pulumi.String(name)) }
	p.trail("reference-right", pulumi.Sprintf("%s:*", output("groupArn")), output("roleArn"))
	p.trail("reference-bare", other.GetOutput(pulumi.String("groupArn")).AsStringOutput(), output("roleArn"))
	missing := other.GetOutput(pulumi.String("missing")).ApplyT(func(value any) *string {
		text, _ := value.(string)
		return &text
	}).(pulumi.StringPtrOutput)
	p.trail("reference-missing", missing, missing)
}

func (p program) permissions() {
	p.granted("role-id", func(_ *cloudwatch.LogGroup, r *iam.Role) { p.may("role-id", r.ID(), pulumi.String(allowed)) })
	p.granted("role-name", func(_ *cloudwatch.LogGroup, r *iam.Role) { p.may("role-name", r.Name, pulumi.String(allowed)) })
	p.granted("role-itself", func(_ *cloudwatch.LogGroup, r *iam.Role) { p.may("role-itself", r, pulumi.String(allowed)) })
	p.granted("role-of-another", func(*cloudwatch.LogGroup, *iam.Role) {
		p.may("role-of-another", p.bareRole("role-of-another-one").ID(), pulumi.String(allowed))
	})
	p.granted("document-right", func(g *cloudwatch.LogGroup, r *iam.Role) {
		p.may("document-right", r.Name, p.document(g, "logs:CreateLogStream", "logs:PutLogEvents"))
	})
	p.granted("document-of-one", func(g *cloudwatch.LogGroup, r *iam.Role) {
		p.may("document-of-one", r.Name, p.document(g, "logs:PutLogEvents"))
	})
	p.granted("json-right", func(g *cloudwatch.LogGroup, r *iam.Role) {
		p.may("json-right", r.Name, marshalled(g, "logs:CreateLogStream", "logs:PutLogEvents"))
	})
	p.granted("json-of-one", func(g *cloudwatch.LogGroup, r *iam.Role) {
		p.may("json-of-one", r.Name, marshalled(g, "logs:PutLogEvents"))
	})
	known := func(service string) pulumi.String {
		document := must(iam.GetPolicyDocument(p.ctx, &iam.GetPolicyDocumentArgs{
			Statements: []iam.GetPolicyDocumentStatement{{
				Actions:    []string{"sts:AssumeRole"},
				Principals: []iam.GetPolicyDocumentStatementPrincipal{{Type: "Service", Identifiers: []string{service}}},
			}},
		}))
		return pulumi.String(document.Json)
	}
	for name, service := range map[string]string{
		"trust-right": "cloudtrail.amazonaws.com", "trust-of-another": "logs.amazonaws.com",
	} {
		role := must(iam.NewRole(p.ctx, name, &iam.RoleArgs{AssumeRolePolicy: known(service)}))
		p.may(name, role.Name, pulumi.String(must(json.Marshal(json.RawMessage(allowed)))))
		p.trail(name, pulumi.Sprintf("%s:*", p.group(name).Arn), role.Arn)
	}
}

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		p := program{ctx}
		p.strings()
		p.pointers()
		p.values()
		p.permissions()
		return nil
	})
}
