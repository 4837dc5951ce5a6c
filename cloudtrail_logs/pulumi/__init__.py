"""Entry point for Pulumi's engine; uses the SDK, as only `policies` does too. Imports all rooms, of AWS its queries."""
