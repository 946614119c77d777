//! Resources that are not tables, each with tag `owner` = `ann`.

use anyhow::Context as _;
use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration, Tag, Tagging,
    VersioningConfiguration,
};
use tidemark_domain::ResourceType;

use super::WireEstate;
use crate::setup::REGION;

pub(super) async fn create(
    estate: &WireEstate,
    resource_type: &ResourceType,
) -> anyhow::Result<Option<String>> {
    Ok(Some(match resource_type {
        ResourceType::S3 => create_bucket(estate, REGION).await?,
        ResourceType::Ebs => volume(estate).await?,
        ResourceType::Ec2 => instance(estate).await?,
        ResourceType::Rds => database(estate).await?,
        ResourceType::Efs => file_system(estate).await?,
        ResourceType::MemoryDb => cluster(estate).await?,
        _ => return Ok(None),
    }))
}

pub(super) async fn create_bucket(estate: &WireEstate, region: &str) -> anyhow::Result<String> {
    let name = format!("contract-{}", uuid::Uuid::new_v4().simple());
    let config = aws_sdk_s3::config::Builder::from(&estate.in_region(region))
        .force_path_style(true)
        .build();
    let s3 = aws_sdk_s3::Client::from_conf(config);
    s3.create_bucket()
        .bucket(&name)
        .create_bucket_configuration(
            CreateBucketConfiguration::builder()
                .location_constraint(BucketLocationConstraint::from(region))
                .build(),
        )
        .send()
        .await?;
    let tag = Tag::builder().key("owner").value("ann").build()?;
    s3.put_bucket_tagging()
        .bucket(&name)
        .tagging(Tagging::builder().tag_set(tag).build()?)
        .send()
        .await?;
    Ok(name)
}

/// Has a bucket keep the versions of its objects, without which it is not backed up.
pub(super) async fn keep_versions(estate: &WireEstate, bucket: &str) -> anyhow::Result<()> {
    let config = aws_sdk_s3::config::Builder::from(&estate.root)
        .force_path_style(true)
        .build();
    aws_sdk_s3::Client::from_conf(config)
        .put_bucket_versioning()
        .bucket(bucket)
        .versioning_configuration(
            VersioningConfiguration::builder()
                .status(BucketVersioningStatus::Enabled)
                .build(),
        )
        .send()
        .await?;
    Ok(())
}

fn named(kind: aws_sdk_ec2::types::ResourceType) -> aws_sdk_ec2::types::TagSpecification {
    let tag = |key, value| {
        aws_sdk_ec2::types::Tag::builder()
            .key(key)
            .value(value)
            .build()
    };
    aws_sdk_ec2::types::TagSpecification::builder()
        .resource_type(kind)
        .tags(tag("Name", "contract"))
        .tags(tag("owner", "ann"))
        .build()
}

async fn volume(estate: &WireEstate) -> anyhow::Result<String> {
    aws_sdk_ec2::Client::new(&estate.root)
        .create_volume()
        .availability_zone(format!("{REGION}a"))
        .size(3)
        .tag_specifications(named(aws_sdk_ec2::types::ResourceType::Volume))
        .send()
        .await?;
    Ok("contract".to_owned())
}

async fn instance(estate: &WireEstate) -> anyhow::Result<String> {
    aws_sdk_ec2::Client::new(&estate.root)
        .run_instances()
        .image_id("ami-12c6146b")
        .instance_type(aws_sdk_ec2::types::InstanceType::T3Micro)
        .min_count(1)
        .max_count(1)
        .tag_specifications(named(aws_sdk_ec2::types::ResourceType::Instance))
        .send()
        .await?;
    Ok("contract".to_owned())
}

async fn database(estate: &WireEstate) -> anyhow::Result<String> {
    aws_sdk_rds::Client::new(&estate.root)
        .create_db_instance()
        .db_instance_identifier("contract")
        .db_instance_class("db.t3.micro")
        .engine("postgres")
        .allocated_storage(20)
        .master_username("contract")
        .master_user_password("contract-password")
        .tags(
            aws_sdk_rds::types::Tag::builder()
                .key("owner")
                .value("ann")
                .build(),
        )
        .send()
        .await?;
    Ok("contract".to_owned())
}

async fn file_system(estate: &WireEstate) -> anyhow::Result<String> {
    let tag = |key, value| {
        aws_sdk_efs::types::Tag::builder()
            .key(key)
            .value(value)
            .build()
    };
    aws_sdk_efs::Client::new(&estate.root)
        .create_file_system()
        .creation_token(uuid::Uuid::new_v4().to_string())
        .tags(tag("Name", "contract")?)
        .tags(tag("owner", "ann")?)
        .send()
        .await?;
    Ok("contract".to_owned())
}

async fn cluster(estate: &WireEstate) -> anyhow::Result<String> {
    let ec2 = aws_sdk_ec2::Client::new(&estate.root);
    let memorydb = aws_sdk_memorydb::Client::new(&estate.root);
    let subnets = ec2.describe_subnets().send().await.ok();
    let subnet = subnets
        .as_ref()
        .and_then(|s| s.subnets().first())
        .and_then(|s| s.subnet_id());
    if let Some(subnet) = subnet {
        memorydb
            .create_subnet_group()
            .subnet_group_name("contract")
            .subnet_ids(subnet)
            .send()
            .await
            .context("the subnet group")?;
    }
    let created = memorydb
        .create_cluster()
        .cluster_name("contract")
        .node_type("db.t4g.small")
        .acl_name("open-access")
        .set_subnet_group_name(subnet.map(|_| "contract".to_owned()))
        .send()
        .await?;
    let arn = created
        .cluster
        .and_then(|c| c.arn)
        .context("the cluster has no ARN")?;
    memorydb
        .tag_resource()
        .resource_arn(arn)
        .tags(
            aws_sdk_memorydb::types::Tag::builder()
                .key("owner")
                .value("ann")
                .build(),
        )
        .send()
        .await?;
    Ok("contract".to_owned())
}
