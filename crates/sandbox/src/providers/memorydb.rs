use std::{collections::BTreeMap, sync::Arc};

use awsim_core::AccountRegionStore;
use awsim_memorydb::{MemoryDbState, state::Cluster};
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::json;
use tidemark_sandbox_backup::{Captured, ProviderError, ResourceProvider, SimResource};

use super::{bridge::Bridge, error, foreign, id_of, metadata};
use crate::contents::Contents;

/// `MemoryDB` clusters.
pub(super) struct Clusters {
    memorydb: Bridge,
    store: AccountRegionStore<MemoryDbState>,
    contents: Contents,
}

/// What a cluster was and held.
struct ClusterCapture {
    cluster: Cluster,
    content: Bytes,
}

impl Clusters {
    pub(super) fn new(
        memorydb: Bridge,
        store: AccountRegionStore<MemoryDbState>,
        contents: Contents,
    ) -> Self {
        Self {
            memorydb,
            store,
            contents,
        }
    }
}

impl ResourceProvider for Clusters {
    fn resource_type(&self) -> &'static str {
        "MemoryDB"
    }

    fn list(&self, account: &str, region: &str) -> Vec<SimResource> {
        let state = self.store.get(account, region);
        state
            .clusters
            .iter()
            .map(|cluster| SimResource {
                arn: cluster.arn.clone(),
                name: cluster.name.clone(),
                tags: state
                    .tags
                    .get(&cluster.arn)
                    .map(|tags| tags.value().clone().into_iter().collect())
                    .unwrap_or_default(),
                size_bytes: self.contents.read(&cluster.arn).len() as u64,
            })
            .collect()
    }

    fn capture(
        &self,
        account: &str,
        region: &str,
        arn: &str,
        _at: Timestamp,
    ) -> Result<Captured, ProviderError> {
        let name = id_of(arn);
        let cluster = self
            .store
            .get(account, region)
            .clusters
            .get(name)
            .map(|cluster| cluster.value().clone())
            .ok_or_else(|| error("ClusterNotFoundFault", format!("Cluster {name} not found")))?;
        let content = self.contents.read(arn);
        Ok(Captured {
            size_bytes: content.len() as u64,
            restore_metadata: BTreeMap::from([
                ("clusterName".to_owned(), name.to_owned()),
                ("nodeType".to_owned(), cluster.node_type.clone()),
                ("aclName".to_owned(), cluster.acl_name.clone()),
                (
                    "subnetGroupName".to_owned(),
                    cluster.subnet_group_name.clone(),
                ),
                ("numShards".to_owned(), cluster.number_of_shards.to_string()),
            ]),
            data: Arc::new(ClusterCapture { cluster, content }),
        })
    }

    fn restore(
        &self,
        account: &str,
        region: &str,
        captured: &Captured,
        given: &BTreeMap<String, String>,
        _at: Timestamp,
    ) -> Result<String, ProviderError> {
        let capture = captured
            .data
            .downcast_ref::<ClusterCapture>()
            .ok_or_else(foreign)?;
        let value = |key| metadata::value(given, captured, key);
        let name = metadata::required(given, "clusterName")?;
        let shards: u32 = value("numShards")
            .and_then(|text| text.parse().ok())
            .unwrap_or(capture.cluster.number_of_shards);
        let mut request = json!({
            "ClusterName": name,
            "NodeType": value("nodeType"),
            "ACLName": value("aclName").unwrap_or("open-access"),
            "Engine": capture.cluster.engine,
            "EngineVersion": capture.cluster.engine_version,
            "NumShards": shards,
            "NumReplicasPerShard": capture.cluster.num_replicas_per_shard,
            "TLSEnabled": capture.cluster.tls_enabled,
        });
        if let Some(group) = value("subnetGroupName") {
            request["SubnetGroupName"] = json!(group);
        }
        let created = self
            .memorydb
            .call(account, region, "CreateCluster", request)?;
        let arn = created["Cluster"]["ARN"]
            .as_str()
            .ok_or_else(|| error("InternalFailure", "The cluster was not created"))?
            .to_owned();
        self.contents.write(&arn, capture.content.clone());
        Ok(arn)
    }

    fn supports_cold_storage(&self) -> bool {
        false
    }

    fn supports_continuous(&self) -> bool {
        false
    }
}
