# SPDX-License-Identifier: Apache-2.0
"""Predicates of queries."""
