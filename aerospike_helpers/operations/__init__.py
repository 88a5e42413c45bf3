# SPDX-License-Identifier: Apache-2.0
"""Operations for :meth:`aerospike.Client.operate`, batch commands and background queries, a module a family."""
