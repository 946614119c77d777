use utoipa::openapi::{OpenApi, path::Operation};

/// Names every operation after its subject and its function, as in `plans_list`: programs that are made from the
/// description need names that occur once.
pub(super) fn name(description: &mut OpenApi) {
    for item in description.paths.paths.values_mut() {
        let methods = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.delete,
            &mut item.patch,
        ];
        methods.into_iter().flatten().for_each(rename);
    }
}

fn rename(operation: &mut Operation) {
    let subject = operation.tags.iter().flatten().next();
    if let (Some(subject), Some(function)) = (subject, &operation.operation_id) {
        operation.operation_id = Some(format!("{subject}_{function}"));
    }
}
