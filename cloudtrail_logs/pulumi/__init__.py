"""The door for Pulumi's engine; only here and in `policies` is its SDK used. Imports all rooms, of AWS its queries."""
