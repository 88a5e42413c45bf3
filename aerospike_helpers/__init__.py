# SPDX-License-Identifier: Apache-2.0
"""Functions and classes that build what the client's methods take: operations, expressions, batches."""
