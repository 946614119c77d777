use std::sync::Arc;

use awsim_core::AccountRegionStore;
use awsim_s3::state::S3State;

/// Where a bucket lives.
pub(crate) struct Owner {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) state: Arc<S3State>,
}

/// Finds a bucket by its name, which is unique in the whole partition.
pub(crate) fn find(store: &AccountRegionStore<S3State>, bucket: &str) -> Option<Owner> {
    store
        .iter_all()
        .into_iter()
        .find_map(|((account, _), state)| {
            let region = state.buckets.get(bucket)?.region.clone();
            Some(Owner {
                account,
                region,
                state,
            })
        })
}
