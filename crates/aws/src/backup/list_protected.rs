use std::collections::BTreeMap;

use aws_sdk_backup::types::ProtectedResource;
use tidemark_domain::{AccountId, Region, Resource, ResourceType};
use tidemark_services::{calls::Call, ports::CloudError};

use crate::{
    access::{Access, pages},
    convert,
};

/// Resources that AWS Backup has backed up and that are of a type whose own service is not read here
/// (`ListProtectedResources`). Whether they are still there it does not tell.
pub(crate) async fn list_protected(access: &Access) -> Result<Vec<Resource>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::ListProtectedResources, || {
                access
                    .clients
                    .backup()
                    .list_protected_resources()
                    .max_results(1000)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        let resources = page
            .results()
            .iter()
            .filter_map(|one| resource(&access.account, &access.region, one))
            .collect();
        Ok((resources, page.next_token))
    })
    .await
}

/// None for what is read from its own service, and for what lives elsewhere: a vault may hold copies of that.
fn resource(
    account: &AccountId,
    region: &Region,
    protected: &ProtectedResource,
) -> Option<Resource> {
    let resource_type = ResourceType::from(protected.resource_type()?);
    let arn = convert::arn(protected.resource_arn())?;
    let is_here = |part: &str, own: &str| part.is_empty() || part == own;
    if resource_type.is_listed()
        || !is_here(arn.account(), account.as_str())
        || !is_here(arn.region(), region.as_str())
    {
        return None;
    }
    let name = protected.resource_name().filter(|name| !name.is_empty());
    Some(Resource {
        name: name.unwrap_or_else(|| arn.name()).to_owned(),
        arn,
        resource_type,
        account: account.clone(),
        region: region.clone(),
        tags: BTreeMap::new(),
        size_bytes: None,
        created_at: None,
        pitr: None,
        deleted: false,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn read(resource_type: &str, arn: &str, name: Option<&str>) -> Option<Resource> {
        let protected = ProtectedResource::builder()
            .resource_type(resource_type)
            .resource_arn(arn)
            .set_resource_name(name.map(str::to_owned))
            .build();
        resource(
            &"111122223333".parse().unwrap(),
            &"eu-west-1".parse().unwrap(),
            &protected,
        )
    }

    #[test]
    fn what_no_service_of_its_own_is_read_for_comes_from_aws_backup() {
        let arn = "arn:aws:fsx:eu-west-1:111122223333:file-system/fs-0a1b";
        let files = read("FSx", arn, Some("shares")).unwrap();
        assert_eq!((files.name.as_str(), files.deleted), ("shares", false));
        assert_eq!(files.resource_type, ResourceType::Other("FSx".to_owned()));
        assert_eq!(read("FSx", arn, None).unwrap().name, files.arn.name());
        let machine = "arn:aws:backup-gateway:eu-west-1:111122223333:vm/vm-1";
        assert!(read("VirtualMachine", machine, None).is_some());
    }

    #[test]
    fn what_is_read_elsewhere_or_lives_elsewhere_does_not() {
        let table = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
        assert_eq!(read("DynamoDB", table, None), None);
        for arn in [
            "arn:aws:fsx:eu-west-1:444455556666:file-system/fs-0a1b",
            "arn:aws:fsx:eu-central-1:111122223333:file-system/fs-0a1b",
        ] {
            assert_eq!(read("FSx", arn, None), None);
        }
    }
}
