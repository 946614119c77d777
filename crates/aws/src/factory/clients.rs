use std::sync::OnceLock;

use aws_config::SdkConfig;
use aws_sdk_sts::config::retry::RetryPartition;

/// The clients of one session in one Region, each made when it is first needed.
#[derive(Debug)]
pub(crate) struct Clients {
    config: SdkConfig,
    /// Retries are rationed per account, service and Region, so that one account that is throttled
    /// does not slow the others down.
    partition: String,
    path_style: bool,
    autoscaling: OnceLock<aws_sdk_applicationautoscaling::Client>,
    backup: OnceLock<aws_sdk_backup::Client>,
    cloudformation: OnceLock<aws_sdk_cloudformation::Client>,
    dynamodb: OnceLock<aws_sdk_dynamodb::Client>,
    ec2: OnceLock<aws_sdk_ec2::Client>,
    efs: OnceLock<aws_sdk_efs::Client>,
    iam: OnceLock<aws_sdk_iam::Client>,
    kms: OnceLock<aws_sdk_kms::Client>,
    memorydb: OnceLock<aws_sdk_memorydb::Client>,
    organizations: OnceLock<aws_sdk_organizations::Client>,
    rds: OnceLock<aws_sdk_rds::Client>,
    s3: OnceLock<aws_sdk_s3::Client>,
}

macro_rules! client {
    ($name:ident, $sdk:ident) => {
        pub(crate) fn $name(&self) -> &$sdk::Client {
            self.$name.get_or_init(|| {
                let config = $sdk::config::Builder::from(&self.config)
                    .retry_partition(self.retries(stringify!($name)))
                    .build();
                $sdk::Client::from_conf(config)
            })
        }
    };
}

impl Clients {
    pub(crate) fn new(config: SdkConfig, account: &str, path_style: bool) -> Self {
        let region = config.region().map_or("", |r| r.as_ref());
        Self {
            partition: format!("tidemark-{account}-{region}"),
            config,
            path_style,
            autoscaling: OnceLock::new(),
            backup: OnceLock::new(),
            cloudformation: OnceLock::new(),
            dynamodb: OnceLock::new(),
            ec2: OnceLock::new(),
            efs: OnceLock::new(),
            iam: OnceLock::new(),
            kms: OnceLock::new(),
            memorydb: OnceLock::new(),
            organizations: OnceLock::new(),
            rds: OnceLock::new(),
            s3: OnceLock::new(),
        }
    }

    /// What all clients are made from.
    pub(crate) fn config(&self) -> &SdkConfig {
        &self.config
    }

    fn retries(&self, service: &str) -> RetryPartition {
        RetryPartition::new(format!("{}-{service}", self.partition))
    }

    client!(autoscaling, aws_sdk_applicationautoscaling);
    client!(backup, aws_sdk_backup);
    client!(cloudformation, aws_sdk_cloudformation);
    client!(dynamodb, aws_sdk_dynamodb);
    client!(ec2, aws_sdk_ec2);
    client!(efs, aws_sdk_efs);
    client!(iam, aws_sdk_iam);
    client!(kms, aws_sdk_kms);
    client!(memorydb, aws_sdk_memorydb);
    client!(organizations, aws_sdk_organizations);
    client!(rds, aws_sdk_rds);

    pub(crate) fn s3(&self) -> &aws_sdk_s3::Client {
        self.s3.get_or_init(|| {
            let config = aws_sdk_s3::config::Builder::from(&self.config)
                .retry_partition(self.retries("s3"))
                // An endpoint of one's own rarely has a name per bucket.
                .force_path_style(self.path_style)
                .build();
            aws_sdk_s3::Client::from_conf(config)
        })
    }
}
