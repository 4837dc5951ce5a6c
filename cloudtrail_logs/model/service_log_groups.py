"""What the log groups of AWS services are called: those that a service creates for itself, or insists on the name of.

A name that begins with `/aws/` alone says nothing: people call their own log groups `/aws/audit/app` too. So the names
are listed. Not in the list, on purpose: `/aws/cloudtrail…`, `aws-cloudtrail-logs-…` and `aws-controltower/…`, which are
meant for a trail. `aws/…` without a slash before it cannot be declared: CloudWatch Logs keeps it for AWS.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# The beginnings of names by their source: the guide that says them, under docs.aws.amazon.com.
SERVICE_LOG_GROUPS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        # The log groups that AWS's own policies let its services create, as their resources name them.
        "AWS Managed Policy Reference": (
            *("/aws-glue/", "/aws-glue-databrew/", "/aws/MediaPackage/", "/aws/amazonmq/", "/aws/amplify/", "amplify-"),
            *(
                "/aws/apigateway/",
                "/aws/application-discovery-service/",
                "/aws/application-signals/",
                "/aws/apprunner/",
            ),
            *("/aws/appsignals/", "/aws/appstudio/", "/aws/batch/", "/aws/bedrock-agentcore/", "/aws/braket"),
            *("/aws/chatbot/", "/aws/cleanrooms", "/aws/cloudfront/", "/aws/config/"),
            *("/aws/connect/", "/aws/datasync", "/aws/docdb/", "/aws/ecs/", "/aws/eks/", "/aws/elasticbeanstalk"),
            *("/aws/fsx/", "/aws/greengrass/", "/aws/guardduty/", "/aws/imagebuilder/"),
            *("/aws/internet-monitor/", "/aws/iot", "/aws/lambda/", "/aws/lambda-insights", "/aws/macie/"),
            *("/aws/managedblockchain/", "/aws/monitron/", "/aws/mwaa", "/aws/neptune/", "/aws/panorama"),
            *("/aws/qbusiness/", "/aws/rds/", "/aws/redshift", "/aws/robomaker/", "/thinkbox"),
            *("LaunchWizard", "MediaTailor/", "RDSOSMetrics", "airflow-", "aws-waf-logs-", "datazone"),
            *("dms-serverless-replication-", "dms-tasks-", "gamelift-", "rds-custom-instance-"),
        ),
        "Amazon API Gateway Developer Guide": ("API-Gateway-Execution-Logs", "/aws/http-api/"),
        "AWS AppSync Developer Guide": ("/aws/appsync/",),
        "Amazon Bedrock User Guide": ("/aws/bedrock/",),
        "Amazon Chime SDK Developer Guide": ("/aws/Chime",),
        "AWS Client VPN Administrator Guide": ("/aws/clientvpn/", "/aws/client-vpn/", "/aws/vpn/"),
        "AWS CloudHSM User Guide": ("/aws/cloudhsm/",),
        "Amazon CloudWatch User Guide, Container Insights": ("/aws/containerinsights/",),
        "Amazon CloudWatch User Guide, CloudWatch agent": ("/aws/ec2/",),
        # Where a log group's resource policy would grow too long, services write to names that begin so.
        "Amazon CloudWatch Logs User Guide, Enable logging from AWS services": ("/aws/vendedlogs/",),
        "AWS CodeBuild User Guide": ("/aws/codebuild/",),
        "AWS CodePipeline User Guide": ("/aws/codepipeline/", "/aws/codedeploy/"),
        "AWS Database Migration Service User Guide": ("/aws/dms/",),
        "AWS Deadline Cloud User Guide": ("/aws/deadline/",),
        "AWS Directory Service Administration Guide": ("/aws/directoryservice/",),
        "Amazon ECS Developer Guide": ("/ecs/",),
        "Amazon ElastiCache User Guide": ("/aws/elasticache/", "/aws/memorydb/"),
        "Amazon EMR Serverless User Guide": ("/aws/emr",),
        "Amazon EventBridge User Guide": ("/aws/events/", "/aws/pipes/"),
        "Amazon GameLift Servers Developer Guide": ("/aws/gamelift",),
        "AWS Glue Developer Guide": ("/aws/glue",),
        "AWS HealthOmics User Guide": ("/aws/omics/",),
        "AWS IoT Core Developer Guide": ("AWSIotLogs",),
        "Amazon Kendra Developer Guide": ("/aws/kendra/",),
        "Amazon Kinesis Data Analytics Developer Guide": ("/aws/kinesis-analytics/", "/aws/kinesisanalytics/"),
        "Amazon Data Firehose Developer Guide": ("/aws/kinesisfirehose/", "/aws/firehose/"),
        "Amazon Lex Developer Guide": ("/aws/lex",),
        "AWS Elemental MediaLive User Guide": ("ElementalMediaLive", "/aws/medialive"),
        "AWS Elemental MediaConvert User Guide": ("/aws/mediaconvert",),
        "AWS Elemental MediaStore User Guide": ("/aws/mediastore/",),
        "Amazon MSK Developer Guide": ("/aws/msk",),
        "AWS Network Firewall Developer Guide": ("/aws/network-firewall/", "/aws/networkfirewall/"),
        "Amazon OpenSearch Service Developer Guide": (
            *("/aws/OpenSearch", "/aws/opensearch", "/aws/aes/", "/aws/elasticsearch/"),
        ),
        "AWS ParallelCluster User Guide": ("/aws/parallelcluster/",),
        "Amazon Pinpoint User Guide": ("/aws/pinpoint",),
        "Amazon QuickSight User Guide": ("/aws/quicksight",),
        "Amazon Route 53 Developer Guide": ("/aws/route53",),
        "Amazon SageMaker AI Developer Guide": ("/aws/sagemaker",),
        "Amazon SES Developer Guide": ("/aws/ses/",),
        "Amazon SNS Developer Guide": ("sns/",),
        "AWS Step Functions Developer Guide": ("/aws/states/", "/aws/stepfunctions/"),
        "AWS Storage Gateway User Guide": ("/aws/storagegateway/",),
        "AWS Systems Manager User Guide": ("/aws/ssm/",),
        "AWS Transfer Family User Guide": ("/aws/transfer/",),
        "Amazon VPC User Guide, VPC Flow Logs": ("/aws/vpc",),
        "AWS WAF Developer Guide": ("/aws/waf",),
        "Amazon WorkMail Administrator Guide": ("/aws/workmail/",),
        "Amazon WorkSpaces Administration Guide": ("/aws/workspaces",),
        "AWS X-Ray Developer Guide": ("/aws/xray",),
    }
)
_BEGINNINGS: Final = tuple(beginning for names in SERVICE_LOG_GROUPS.values() for beginning in names)


def is_of_service(beginning: str) -> bool:
    """Whether a log group whose name begins so belongs to a service: no trail is meant to deliver to it."""
    return beginning.startswith(_BEGINNINGS)
