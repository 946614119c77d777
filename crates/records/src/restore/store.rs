use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};

use super::{PlanPage, PlannedAction, RestorePlan, RestoreState, page};
use crate::{
    error::RecordsError,
    index::IndexHandle,
    ports::{GetObject, PortErrorKind, PutObject},
};

/// Reads a plan.
pub async fn load_plan(index: &IndexHandle, id: &str) -> Result<RestorePlan, RecordsError> {
    let name = format!("{}plan.json", index.paths().restore(id));
    read(index, &name)
        .await?
        .ok_or_else(|| RecordsError::object(name, "there is no such plan"))
}

/// Reads the actions of one page of a plan.
pub async fn load_plan_page(
    index: &IndexHandle,
    planned: &PlanPage,
) -> Result<Vec<PlannedAction>, RecordsError> {
    let object = index.store().get(&GetObject::new(&planned.object)).await?;
    if hex::encode(Sha256::digest(&object.body)) != planned.sha256 {
        return Err(RecordsError::object(
            &planned.object,
            "it is not the page that was planned (SHA-256 differs)",
        ));
    }
    page::decode(&planned.object, &object.body)
}

/// Reads how far a plan is applied; the beginning, where it is not.
pub async fn load_state(index: &IndexHandle, id: &str) -> Result<RestoreState, RecordsError> {
    let name = format!("{}state.json", index.paths().restore(id));
    Ok(read(index, &name).await?.unwrap_or_default())
}

pub(super) async fn save_state(
    index: &IndexHandle,
    id: &str,
    state: &RestoreState,
) -> Result<(), RecordsError> {
    write(
        index,
        &format!("{}state.json", index.paths().restore(id)),
        state,
    )
    .await
}

pub(super) async fn save_plan(index: &IndexHandle, plan: &RestorePlan) -> Result<(), RecordsError> {
    let name = format!("{}plan.json", index.paths().restore(&plan.id));
    write(index, &name, plan).await
}

pub(super) async fn read<T: DeserializeOwned>(
    index: &IndexHandle,
    name: &str,
) -> Result<Option<T>, RecordsError> {
    match index.store().get(&GetObject::new(name)).await {
        Ok(object) => serde_json::from_slice(&object.body)
            .map(Some)
            .map_err(|error| RecordsError::object(name, error)),
        Err(error) if error.kind == PortErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn write<T: Serialize + Sync>(
    index: &IndexHandle,
    name: &str,
    value: &T,
) -> Result<(), RecordsError> {
    let text =
        serde_json::to_vec(value).map_err(|error| RecordsError::Encode(error.to_string()))?;
    index.store().put(&PutObject::new(name, text)).await?;
    Ok(())
}

/// Writes the pages of a plan as it grows.
pub(super) struct PlanWriter<'a> {
    index: &'a IndexHandle,
    id: &'a str,
    open: Vec<PlannedAction>,
    open_bytes: usize,
    pub(super) pages: Vec<PlanPage>,
}

/// Actions of one page.
const PAGE_ACTIONS: usize = 1_000;
const PAGE_BYTES: usize = 4 << 20;

impl<'a> PlanWriter<'a> {
    pub(super) fn new(index: &'a IndexHandle, id: &'a str) -> Self {
        Self {
            index,
            id,
            open: Vec::new(),
            open_bytes: 0,
            pages: Vec::new(),
        }
    }

    pub(super) async fn add(&mut self, action: PlannedAction) -> Result<(), RecordsError> {
        for item in [&action.expect, &action.want].into_iter().flatten() {
            self.open_bytes += item.bytes().len();
        }
        self.open.push(action);
        if self.open.len() >= PAGE_ACTIONS || self.open_bytes >= PAGE_BYTES {
            self.close().await?;
        }
        Ok(())
    }

    pub(super) async fn close(&mut self) -> Result<(), RecordsError> {
        if self.open.is_empty() {
            return Ok(());
        }
        let actions = std::mem::take(&mut self.open);
        self.open_bytes = 0;
        let body = page::encode(&actions)?;
        let sha256 = hex::encode(Sha256::digest(&body));
        let object = format!(
            "{}page-{:06}.jsonl.zst",
            self.index.paths().restore(self.id),
            self.pages.len()
        );
        self.index
            .store()
            .put(&PutObject::new(&object, body))
            .await?;
        self.pages.push(PlanPage {
            object,
            sha256,
            actions: u64::try_from(actions.len()).unwrap_or(u64::MAX),
        });
        Ok(())
    }
}
