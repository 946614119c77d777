//! Adapters from the ports of the services to the AWS SDKs.
