//! The simulated services: awsim's handlers, and ours around them where awsim stands in the way.

pub(crate) mod cloudformation;
pub(crate) mod dynamodb;
pub(crate) mod ec2;
pub(crate) mod iam;
pub(crate) mod kms;
pub(crate) mod memorydb;
pub(crate) mod organizations;
pub(crate) mod s3;
pub(crate) mod sts;
